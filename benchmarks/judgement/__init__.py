"""Operating characteristics of the judgement: made-up courses through the real rules."""
