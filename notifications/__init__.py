"""What is said: one typed class an e-mail, one template folder an e-mail, one catalogue folder a language."""
