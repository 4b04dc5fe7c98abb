"""What people at work learn from each other, and the languages they meet in: the lists that forms and matching share.

Source: MAT-Q01 (what is offered or wanted), MAT-Q12 (languages). Ids are stored and never change; labels may. The name
of a language is written in that language, so it needs no translation.
"""

from framework.questions import Option

SKILLS: tuple[Option, ...] = (
    Option("negotiation", "Negotiating"),
    Option("giving_feedback", "Giving feedback"),
    Option("project_management", "Managing projects"),
    Option("time_management", "Managing time"),
    Option("delegating", "Delegating"),
    Option("presenting", "Presenting"),
    Option("networking", "Building a network"),
    Option("people_leadership", "Leading people"),
    Option("strategy", "Thinking strategically"),
    Option("finance_basics", "Understanding the figures"),
    Option("data_literacy", "Working with data"),
    Option("customer_contact", "Dealing with customers"),
    Option("conflict", "Handling conflict"),
    Option("coaching", "Coaching others"),
    Option("career_planning", "Planning a career"),
    Option("work_life_balance", "Balancing work and private life"),
    Option("change", "Coping with change"),
    Option("innovation", "Trying out new ideas"),
    Option("quality", "Quality of work"),
    Option("safety", "Working safely"),
    Option("multilingual_teams", "Working in several languages"),
    Option("influencing", "Convincing without power"),
    Option("planning_budget", "Planning and budgets"),
    Option("technical_depth", "Knowing the trade in depth"),
)

LANGUAGES: tuple[Option, ...] = (
    Option("nl", "Nederlands"),
    Option("fr", "français"),
    Option("en", "English"),
    Option("de", "Deutsch"),
)
