"""The reader of themes: it reads a story, says what it may be about, and says how unsure it is.

Trained with scikit-learn (`training`), served from plain arrays with numpy alone (`reader`), so a web worker
never imports scikit-learn. What it says is a suggestion for the service team; it never moves a case.
"""
