"""When it happens and how it is started: the calendar, schedules, serve, the rehearsal, the `baken` command."""
