"""Who needs a look and why: the rules that compare a log with what is documented and with itself."""
