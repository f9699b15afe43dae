"""The disputes workshop: files stories, moves disputes, keeps their journal, and alone selects and writes cases."""
