select r.*, t.rejected_because
from $raw_orders as r
inner join $typed_orders as t on t._source_file = r._source_file and t._source_line = r._source_line
where t.rejected_because is not null
