"""Read a Parquet file many times, each time with other bytes wrong: FILE TIMES."""

import random
import sys
from pathlib import Path

from tests.loading.reading import texts


def read_damaged(path: Path, times: int) -> int:
    """Return how often the file was read; no error but a refusal may come of it."""
    whole, chance = path.read_bytes(), random.Random(7)
    for _ in range(times):
        data = bytearray(whole)
        for _ in range(chance.randrange(1, 4)):
            at = chance.randrange(4, len(data) - 8)
            data[at] = chance.choice((0, 0x7F, 0xFF, data[at] ^ 1 << chance.randrange(8)))
        path.write_bytes(data)
        texts(path)
    return times


if __name__ == "__main__":
    print(read_damaged(Path(sys.argv[1]), int(sys.argv[2])), "read")
