"""From orders to recommendations: what may replace an item, what is bought with it, what is cold.

    python purchase_baskets.py                               # small orders that it makes itself
    python purchase_baskets.py orders.csv --items 17 42      # columns order_id and item_id
    python purchase_baskets.py orders.parquet --output item-vectors     # needs pandas

Items are integers, and stay so: ``vectors[17]`` is the vector of item 17.
"""

import argparse
import csv
import random
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

import skipgram

if TYPE_CHECKING:
    import pandas as pd


def baskets_of_csv(file: Path) -> list[list[int]]:
    """The items of each order, each once; the rows of an order may stand anywhere."""
    baskets: dict[str, dict[int, None]] = {}
    with file.open(newline="", encoding="utf-8-sig") as rows:
        for row in csv.DictReader(rows):
            if row["item_id"]:
                baskets.setdefault(row["order_id"], {})[int(row["item_id"])] = None
    return [list(basket) for basket in baskets.values()]


def baskets_of_frame(frame: "pd.DataFrame") -> list[list[int]]:
    """The same; a column with missing items is one of floats, which no item is."""
    rows = frame[["order_id", "item_id"]].dropna().drop_duplicates().astype({"item_id": "int64"})
    return [list(items) for _, items in rows.groupby("order_id")["item_id"]]


def item_vectors(baskets: list[list[int]], least_orders: int) -> skipgram.WordVectors:
    return skipgram.train(
        baskets,
        window=max(map(len, baskets)),  # every pair of a basket, however its items are listed
        window_width="fixed",
        subsample=0,  # no item is too frequent
        min_count=least_orders,
        ngrams="none",  # the digits of a number say nothing of the item
        prior=1,  # few baskets; leave it out for a catalogue of more than some 50,000 items
    )


def is_warm(vectors: skipgram.WordVectors, item: int) -> bool:
    """Whether it has a vector, and was ever bought with another that has (else that is zero)."""
    return item in vectors and bool(vectors[item].any())


def substitutes(vectors: skipgram.WordVectors, item: int, k: int = 3) -> list[int]:
    """Items bought in the same company: their center vectors, which are shown, are near."""
    return [int(near.word) for near in vectors.most_similar(item, k=k)]


def complements(
    vectors: skipgram.WordVectors, basket: list[int], k: int = 3
) -> list[skipgram.Predicted]:
    """What is most probably bought with all of these."""
    return vectors.predict_outside(basket, k=k, exclude=basket)


def all_substitutes(
    vectors: skipgram.WordVectors, k: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """All items, and in a row for each the k nearest, −1 where there is none."""
    items = np.array(vectors.words, dtype=np.int64)
    nearest = vectors.most_similar_each(items, k=k, as_arrays=True, unknown="skip")
    return items, np.where(nearest.ids < 0, -1, items[nearest.ids])


def made_orders(file: Path, orders: int = 4_000) -> None:
    """Write orders for ten dishes of four parts, each of three brands: 312 is brand 2 of part 1
    of dish 3, may be replaced by 310, and is bought with 322. 9999 is new, and ordered once.
    """
    draws = random.Random(1)
    with file.open("w", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["order_id", "item_id"])
        rows.writerows([orders, item] for item in (312, 322, 9999))
        for order in range(orders):
            dish = draws.randrange(1, 11)
            basket = [100 * dish + 10 * part + draws.randrange(3) for part in range(4)]
            basket.remove(draws.choice(basket))
            if draws.random() < 0.3:
                basket.append(100 * draws.randrange(1, 11) + 10 * draws.randrange(4))
            rows.writerows([order, item] for item in basket)


def check(vectors: skipgram.WordVectors) -> None:
    """Say how many answers are right for the orders made here, whose dishes are known."""
    items, nearest = all_substitutes(vectors, k=2)
    same_part = nearest // 10 == items[:, None] // 10
    along = [(item, int(one.word)) for item in items for one in complements(vectors, [item], 5)]
    same_dish = np.array([a // 100 == b // 100 and a // 10 != b // 10 for a, b in along])
    for name, right in (("substitutes", same_part), ("complements", same_dish)):
        of_items = right.reshape(len(items), -1).mean(axis=1)
        reach = 1.96 * of_items.std() / np.sqrt(len(items))  # none if all are right
        sure = f" ± {reach:.1%} (95 %, over other items)" if reach else ""
        print(f"Right: {right.sum()} of {right.size} {name}, {right.mean():.1%}{sure}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("orders", nargs="?", type=Path, help="a CSV or Parquet file")
    parser.add_argument("--items", nargs="*", type=int, help="default: the three most frequent")
    parser.add_argument("--least-orders", type=int, default=5, help="rarer items are cold")
    parser.add_argument("--output", type=Path, help="a folder for the vectors")
    options = parser.parse_args()
    if options.orders is None:
        with tempfile.TemporaryDirectory() as folder:
            made_orders(Path(folder, "orders.csv"))
            baskets = baskets_of_csv(Path(folder, "orders.csv"))
    elif options.orders.suffix == ".parquet":
        import pandas as pd

        baskets = baskets_of_frame(pd.read_parquet(options.orders))
    else:
        baskets = baskets_of_csv(options.orders)

    vectors = item_vectors(baskets, options.least_orders)
    cold = sorted({item for basket in baskets for item in basket if not is_warm(vectors, item)})
    print(f"{len(baskets):,} orders, {len(vectors):,} items with a vector; cold items: {len(cold)}")
    for item in options.items or [*map(int, vectors.words[:3]), *cold[:1]]:
        if is_warm(vectors, item):
            company = [item]
            print(f"{item}: instead of it", *substitutes(vectors, item))
        else:  # no vector, but the items that were bought with it may have one
            together = {one for basket in baskets if item in basket for one in basket}
            company = [one for one in together if is_warm(vectors, one)]
            print(f"{item}: cold, bought with", *company or ["nothing that is known"])
        if company:
            along = complements(vectors, company)
            print("    along with it", *(f"{one.word} ({one.probability:.0%})" for one in along))
    if options.orders is None:
        check(vectors)
    if options.output:
        vectors.save(options.output)


if __name__ == "__main__":
    main()
