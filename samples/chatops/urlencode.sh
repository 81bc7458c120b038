# Sourced: writes a text as a form has it.
urlencode() { printf %s "$1" | od -An -v -tx1 | tr -d ' \n' | sed 's/../%&/g'; }
