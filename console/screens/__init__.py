"""What all screens share: the words in which they speak, the frame around them, the first page."""
