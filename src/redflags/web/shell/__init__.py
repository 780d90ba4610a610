"""What holds for all pages: the application, access, forms, errors, words."""
