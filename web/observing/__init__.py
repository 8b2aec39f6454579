"""What can be seen of the running server: its log and its figures, never what people entered."""
