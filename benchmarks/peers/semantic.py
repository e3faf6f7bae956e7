"""semhash over a corpus, by embeddings from a folder: CORPUS OUT MODEL. It compares meanings, at its own threshold."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from model2vec import StaticModel
from semhash import SemHash


def main(corpus: str, out: str, model: str) -> None:
    with Path(corpus).open(encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    kept = SemHash.from_records(texts, model=StaticModel.from_pretrained(model)).self_deduplicate().selected
    with Path(out).open("w", encoding="utf-8") as file:
        file.writelines(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in kept)


if __name__ == "__main__":
    main(*sys.argv[1:])
