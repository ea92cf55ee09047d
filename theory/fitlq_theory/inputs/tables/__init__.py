"""Tables computed once and shipped, each with the script that makes it."""
