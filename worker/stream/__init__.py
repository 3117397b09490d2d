"""The Faust side: two stages, thin; they move bytes and hold no decisions."""
