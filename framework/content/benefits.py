"""What mentoring may bring to each party: the 79 items of the catalogue, by party (framework 7.1, CAP-192).

A party is asked about its own list, in its own voice: mentees and mentors on either track, line managers, and the
project team for the company as a whole.
"""

from framework.people import Role
from framework.questions import Option
from framework.visibility import Track

MENTEE_NEW: tuple[Option, ...] = (
    Option("BEN-01", "I soon felt at home, and knew what my job was about"),
    Option("BEN-02", "I got the information and the training that I needed"),
    Option("BEN-03", "I had somebody to turn to, whom I trust"),
    Option("BEN-04", "I was made welcome"),
    Option("BEN-05", "I got help of my own, and was allowed to make mistakes"),
    Option("BEN-06", "I regularly heard how I was doing"),
    Option("BEN-07", "I gained confidence, and work more on my own"),
    Option("BEN-08", "I know people in all parts of the company"),
    Option("BEN-09", "I learned the job faster"),
)
"""What a new colleague may have gained."""

MENTEE: tuple[Option, ...] = (
    Option("BEN-10", "I know and can do more"),
    Option("BEN-11", "I got feedback that I could use"),
    Option("BEN-12", "I had someone to try out ideas on"),
    Option("BEN-13", "I understand better how things work here"),
    Option("BEN-14", "I know myself better"),
    Option("BEN-15", "I see more clearly where I want to go in work and life"),
    Option("BEN-16", "My chances of promotion are better"),
    Option("BEN-17", "I know more people who can help me"),
    Option("BEN-18", "I do my work better or faster"),
    Option("BEN-19", "I learned things that my daily work does not teach me"),
    Option("BEN-20", "I am happier with my career"),
    Option("BEN-21", "I have someone to take as an example"),
    Option("BEN-22", "I got ahead faster"),
    Option("BEN-23", "I dare to take things into my own hands"),
)
"""What a mentee among existing staff may have gained."""

MENTOR_NEW: tuple[Option, ...] = (
    Option("BEN-24", "I trust my own abilities more"),
    Option("BEN-25", "I built a close relation with a colleague"),
    Option("BEN-26", "I could work on what I wanted to learn myself"),
    Option("BEN-27", "I learned to teach, to give feedback, to motivate or to lead"),
    Option("BEN-28", "My own chances of promotion are better"),
    Option("BEN-29", "I learned from my new colleague, for instance about technology"),
    Option("BEN-30", "All those questions made me think again about how we work"),
    Option("BEN-31", "I noticed bad habits of my own"),
    Option("BEN-32", "I brushed up what I knew"),
    Option("BEN-33", "It brought variety into my work"),
    Option("BEN-34", "I got recognition, and a new challenge"),
    Option("BEN-35", "My new colleague could soon take part in the work"),
)
"""What somebody who guides new colleagues may have gained."""

MENTOR: tuple[Option, ...] = (
    Option("BEN-36", "I enjoy my work more"),
    Option("BEN-37", "I know myself better"),
    Option("BEN-38", "I still feel involved and keen"),
    Option("BEN-39", "I think more about how our organisation works"),
    Option("BEN-40", "I see things from another side"),
    Option("BEN-41", "I question my own habits more often"),
    Option("BEN-42", "I hear what goes on at every level, and know more people"),
    Option("BEN-43", "I have become better at leading people"),
    Option("BEN-44", "I am in touch with younger colleagues"),
    Option("BEN-45", "I feel valued for what I do"),
    Option("BEN-46", "My work has become more varied"),
    Option("BEN-47", "I have learned new things myself"),
)
"""What a mentor of existing staff may have gained."""

LINE_MANAGER: tuple[Option, ...] = (
    Option("BEN-48", "My people are more motivated"),
    Option("BEN-49", "It confirmed what I thought somebody could do"),
    Option("BEN-50", "More gets done"),
    Option("BEN-51", "My team runs more smoothly, and fewer people leave"),
    Option("BEN-52", "The %(mentors)s have supported me"),
)
"""What a line manager may have gained."""

COMPANY_NEW: tuple[Option, ...] = (
    Option("BEN-53", "Fewer new colleagues leave"),
    Option("BEN-54", "More team spirit, and a better mood at work"),
    Option("BEN-55", "Know-how stays in the company"),
    Option("BEN-56", "We learn from what new colleagues ask"),
    Option("BEN-57", "Our values are passed on"),
    Option("BEN-58", "We see whether it pays to invest in new colleagues"),
)
"""What the company may have gained from guiding new colleagues."""

COMPANY: tuple[Option, ...] = (
    Option("BEN-59", "People stay, and move up"),
    Option("BEN-60", "People say what they need to learn, and follow a plan"),
    Option("BEN-61", "Managers who had lost their drive have found it again"),
    Option("BEN-62", "Our culture is kept alive, or has taken shape"),
    Option("BEN-63", "This is a place where people can grow"),
    Option("BEN-64", "People are more productive"),
    Option("BEN-65", "We communicate better"),
    Option("BEN-66", "There is more diversity"),
    Option("BEN-67", "We have a better name, also among those who look for work"),
    Option("BEN-68", "Talent comes forward faster"),
    Option("BEN-69", "We found talent that nobody had noticed"),
    Option("BEN-70", "We now have a way to pass on how to lead"),
    Option("BEN-71", "We have people ready to lead tomorrow"),
    Option("BEN-72", "It added to our success as a whole"),
    Option("BEN-73", "Our people have more experience"),
    Option("BEN-74", "We have a lasting way of learning that costs little"),
    Option("BEN-75", "It shows in the profit"),
    Option("BEN-76", "People learn faster"),
    Option("BEN-77", "We support the community around us"),
    Option("BEN-78", "The mood at work is good"),
    Option("BEN-79", "We are surer that people and company suit each other"),
)
"""What the company may have gained from mentoring its staff."""

OF_PARTY: dict[tuple[Role, Track], tuple[Option, ...]] = {
    (Role.MENTEE, Track.NEW_HIRE): MENTEE_NEW,
    (Role.MENTEE, Track.GROWTH): MENTEE,
    (Role.MENTOR, Track.NEW_HIRE): MENTOR_NEW,
    (Role.MENTOR, Track.GROWTH): MENTOR,
    (Role.LINE_MANAGER, Track.NEW_HIRE): LINE_MANAGER,
    (Role.LINE_MANAGER, Track.GROWTH): LINE_MANAGER,
    (Role.TEAM, Track.NEW_HIRE): COMPANY_NEW,
    (Role.TEAM, Track.GROWTH): COMPANY,
}
"""The list that each party is asked about."""
