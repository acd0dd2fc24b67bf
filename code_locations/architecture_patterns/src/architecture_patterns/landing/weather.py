WEATHER_SOURCE = "weather"
"""The folder under landing that holds hourly weather readings, a file a month."""

WEATHER_COLUMNS = (
    *("origin", "year", "month", "day", "hour", "temp", "dewp", "humid", "wind_dir", "wind_speed", "wind_gust"),
    *("precip", "pressure", "visib", "time_hour"),
)
"""Their columns; `NA` is a missing reading, `time_hour` is UTC, `temp` is in degrees Fahrenheit."""
