.PHONY: install run test check bench clean

install:
	python3 -m venv .venv && .venv/bin/pip install -q -e '.[dev]'

run:
	.venv/bin/dedup run seeds --out dedup-out --force -v

test:
	.venv/bin/python -m pytest

check:
	.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy

bench:
	.venv/bin/python -m benchmarks speed
	.venv/bin/python -m benchmarks kernel
	.venv/bin/python -m benchmarks scale --size 10000 --size 30000 --size 100000
	.venv/bin/python -m benchmarks quality seeds
	.venv/bin/python -m benchmarks quality newswire

clean:
	find dedup -name '*.kernel' -delete
