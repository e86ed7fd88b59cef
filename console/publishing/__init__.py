"""Making changes live: two lanes, a queue, confirmation by the running assistant, history, and the way back."""
