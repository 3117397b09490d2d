"""What makes two things the same: addresses, folding, ids. Pure."""
