"""The page in a browser on which infants are seen: live, in lessons and in recordings."""
