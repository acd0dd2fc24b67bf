"""Small landing files whose results can be worked out by hand."""

import gzip
from pathlib import Path

ORDERS = "id,customer,ordered_at,store_id,subtotal,tax_paid,order_total"
STORES = "id,name,opened_at,tax_rate"
WEATHER = "origin,year,month,day,hour,temp,dewp,humid,wind_dir,wind_speed,wind_gust,precip,pressure,visib,time_hour"


class LandingFolder:
    """Writes small landing files, plain or gzipped by their name."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, name: str, header: str, *rows: str) -> Path:
        return self.put_bytes(name, "".join(f"{line}\n" for line in (header, *rows)).encode())

    def put_bytes(self, name: str, content: bytes) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(content, mtime=0) if name.endswith(".gz") else content)
        return path

    def put_shop(self) -> None:
        """Eight rows of orders: four that stand, one superseded, three unreadable; the last stores row is padded."""
        self.put(
            "shop/stores/stores.csv", STORES, "s1,Brooklyn,2018-09-01T00:00:00,0.06", "s2, Chicago ,2018-09-01,0.06"
        )
        self.put("shop/customers/customers.csv", "id,name", "c1,Ann Ore", "c2,Bo Tin")
        self.put(
            "shop/orders/orders_2018_09.csv",
            ORDERS,
            "o1,c1,2018-09-01T12:00:00,s1,1000,60,1060",
            "o2,c2,2018-09-30T23:59:59,s1,550,33,583",
            "o3,c1,2018-09-15T08:00:00,s2,700,44,744",
            "o5,c2,2018-09-16T08:00:00,s2,7.5,0,7",
        )
        self.put(
            "shop/orders/orders_2018_10.csv.gz",
            ORDERS,
            "o4,c1,2018-10-01T00:00:00,s1,900,54,954",
            "o3,c1,2018-09-15T08:00:00,s2,800,50,850",
            "o6,c2,2018-10-02T09:00:00,s9,100,6,106",
            "o4,c1,last Tuesday,s1,1,1,2",
        )

    def put_weather(self) -> None:
        """Six rows in two files: four readings in two months, one broken sensor, one temperature that is no number."""
        self.put(
            "weather/weather_2013_01.csv",
            WEATHER,
            "EWR,2013,1,1,1,50,26.06,59.37,270,10,NA,0.1,1012,10,2013-01-01T06:00:00Z",
            "EWR,2013,1,1,2,41,26.06,NA,270,NA,NA,0,NA,10,2013-01-01T07:00:00Z",
            "JFK,2013,1,1,1,14,26.06,59.37,270,20,NA,0,1010,10,2013-01-01T06:00:00Z",
            "JFK,2013,1,1,2,14,26.06,59.37,270,1048.36058,NA,0,1010,10,2013-01-01T07:00:00Z",
        )
        self.put(
            "weather/weather_2013_02.csv.gz",
            WEATHER,
            "EWR,2013,1,31,20,68,26.06,59.37,270,10,NA,0.2,1012,10,2013-02-01T01:00:00Z",
            "JFK,2013,1,31,20,warm,26.06,59.37,270,20,NA,0,1010,10,2013-02-01T01:00:00Z",
        )
