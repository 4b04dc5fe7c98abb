"""What a pair can talk about, and how: the lists that the agreement and the meetings share (SES-06, REL-C06)."""

from framework.questions import Option

MEDIA: tuple[Option, ...] = (
    Option("in_person", "In person"),
    Option("phone", "By phone"),
    Option("video", "By video call"),
    Option("mail", "By e-mail"),
    Option("chat", "By chat"),
)
"""How a pair can talk; also asked of every meeting."""

TOPICS: tuple[Option, ...] = (
    Option("self_development", "Growing as a person"),
    Option("career_planning", "Planning my career"),
    Option("opportunities", "Chances that I see"),
    Option("alternatives", "Other ways to go"),
    Option("tactical_approach", "How to go about something"),
    Option("culture", "How things are done here"),
    Option("trends", "What is changing in our field"),
    Option("politics", "Power and interests at work"),
    Option("behaviour_impact", "My behaviour and its effect on others"),
    Option("successes_pitfalls", "What succeeds, and what can go wrong"),
    Option("learning_experiences", "What experience has taught me"),
    Option("skills_needs", "What I can do, and what I still need"),
    Option("fears_doubts", "Worries and doubts"),
    Option("interests", "What interests me"),
    Option("work_life_balance", "Work and private life"),
    Option("values_at_work", "What matters to me at work"),
)
"""The 16 subjects of a meeting (SES-06); a pair may add its own, and leave some out (REL-C04, LEG-19)."""
