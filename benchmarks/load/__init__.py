"""Many people at once, each holding a page over the websocket."""
