"""Where e-mail links land: forms, receipts and the coordinator's desk. It records the answer and leaves."""
