select
    station,
    cast(date_trunc('month', observed_at) as date) as month,
    count(*) as readings,
    round(avg(temp_c), 2) as mean_temp_c,
    round(min(temp_c), 2) as min_temp_c,
    round(max(temp_c), 2) as max_temp_c,
    round(sum(precip_mm), 2) as precip_mm
from silver_readings
group by station, month
order by station, month
