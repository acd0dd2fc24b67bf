with spending as (

    select
        customer_id,
        count(*) as orders,
        min(ordered_at) as first_order_at,
        max(ordered_at) as last_order_at,
        sum(order_total) as lifetime_value
    from {{ ref('silver_orders') }}
    group by customer_id

),

favourite as (

    select customer_id, store_id
    from {{ ref('silver_orders') }}
    group by customer_id, store_id
    qualify row_number() over (partition by customer_id order by count(*) desc, store_id) = 1

),

-- A customer who has not ordered yet is here, and so is one whose orders came before the customer did.
everyone as (

    select customer_id from {{ ref('silver_customers') }}
    union
    select customer_id from spending

)

select
    everyone.customer_id,
    coalesce(customers.customer_name, 'unknown') as customer_name,
    cast(coalesce(spending.orders, 0) as bigint) as orders,
    spending.first_order_at,
    spending.last_order_at,
    cast(coalesce(spending.lifetime_value, 0) as numeric(12, 2)) as lifetime_value,
    {{ average_amount('spending.lifetime_value', 'spending.orders') }} as average_order_value,
    coalesce(stores.store_name, favourite.store_id) as favourite_store,
    cast({{ dbt.datediff('spending.last_order_at', as_of(), 'day') }} as bigint) as days_since_last_order,
    case
        when spending.orders >= 52 then 'loyal'
        when spending.orders >= 12 then 'regular'
        else 'occasional'
    end as segment
from everyone
left join {{ ref('silver_customers') }} as customers on everyone.customer_id = customers.customer_id
left join spending on everyone.customer_id = spending.customer_id
left join favourite on everyone.customer_id = favourite.customer_id
left join {{ ref('silver_stores') }} as stores on favourite.store_id = stores.store_id
