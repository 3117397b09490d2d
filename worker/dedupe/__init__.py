"""What of a page is new, what is richer, what is a repeat; and the state to know it by. Pure."""
