from dataclasses import dataclass

import dagster as dg

# What is on this machine is looked at as often as the daemon asks its sensors.
_EVERY_SECONDS_HERE = 5
_EVERY_SECONDS_IN_THE_CLOUD = 30


@dataclass(frozen=True, slots=True)
class Watch:
    """How a sensor looks for what has landed or changed: from the first load or not, and how often."""

    status: dg.DefaultSensorStatus
    every_seconds: int


@dataclass(frozen=True, slots=True)
class Automation:
    """Whether sensors and schedules run from the first load, as the contract decides it for this process.

    Whatever starts runs takes its `default_status` from here: without one it would be off wherever it is deployed.
    """

    is_on: bool

    @property
    def sensors(self) -> dg.DefaultSensorStatus:
        """The default status of every sensor."""
        return dg.DefaultSensorStatus.RUNNING if self.is_on else dg.DefaultSensorStatus.STOPPED

    @property
    def schedules(self) -> dg.DefaultScheduleStatus:
        """The default status of every schedule."""
        return dg.DefaultScheduleStatus.RUNNING if self.is_on else dg.DefaultScheduleStatus.STOPPED

    def watch(self, demo_mode: bool) -> Watch:
        """How sensors look at data on the engine that demo mode chooses."""
        return Watch(self.sensors, _EVERY_SECONDS_HERE if demo_mode else _EVERY_SECONDS_IN_THE_CLOUD)
