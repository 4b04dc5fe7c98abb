"""What rehearsed people write: a few sentences a language, so that pages and reports look like life."""

SENTENCES = {
    "en": (
        "I want to lead a project from start to finish and learn to let others shine.",
        "We spoke about how decisions are really made here, and I understood more than in a year.",
        "I tried to say no once, kindly, and it worked.",
        "I would like to present to the board without reading from my notes.",
        "More time between the meetings would help me try things out.",
    ),
    "nl": (
        "Ik wil leren om in een vergadering rustig mijn standpunt te verdedigen.",
        "We hebben het gehad over hoe je een team meekrijgt als het druk is.",
        "Ik heb geprobeerd om taken echt los te laten, en dat ging beter dan verwacht.",
        "Mijn volgende stap is een klein project dat ik zelf mag leiden.",
        "Het doet deugd om met iemand van een andere afdeling te praten.",
    ),
    "fr": (
        "J'aimerais apprendre à dire les choses difficiles sans blesser personne.",
        "Nous avons parlé de la façon de préparer un entretien important.",
        "J'ai essayé de déléguer une tâche entière et de ne pas la reprendre.",
        "Je voudrais mieux connaître les autres services avant de choisir la suite.",
        "Ces échanges me donnent du recul sur mes journées.",
    ),
}
SHORT = {
    "en": ("The next project", "Saying no", "My first quarter", "A difficult talk", "Planning my time"),
    "nl": ("Het volgende project", "Nee zeggen", "Mijn eerste kwartaal", "Een lastig gesprek", "Mijn tijd plannen"),
    "fr": ("Le prochain projet", "Savoir dire non", "Mon premier trimestre", "Un entretien délicat", "Gérer mon temps"),
}
PRIVATE = {
    "en": "Between us ({number}): we once fell out over a budget, and I would rather not go back to that.",
    "nl": "Onder ons ({number}): we hebben ooit ruzie gehad over een budget, en daar wil ik niet op terugkomen.",
    "fr": "Entre nous ({number}) : nous nous sommes disputés un jour à propos d'un budget, j'aime mieux en rester là.",
}
"""Why somebody says no, for the coordinator alone; the number makes each of them findable."""
