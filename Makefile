# Other names for the two commands; everything is in `./run` and `./run test`.

.PHONY: run test heart house long format

run:
	./run

test:
	./run test

heart:
	./run test heart

house:
	./run test house

long:
	./run test --long

format:
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .
	-.venv/bin/djlint templates --reformat --quiet
