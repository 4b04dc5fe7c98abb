"""What mentoring is: values, rules and content. No I/O, no clock, no randomness, no Prefect, no SQL."""
