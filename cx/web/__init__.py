"""The kit that every door is made of: doors, transactions, language, errors, headers. Knows no audience's pages."""
