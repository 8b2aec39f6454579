"""What the screens share: who is here, forms, chart and table embedding, wording."""
