"""Currencies that an offer may name (ISO 4217). Amounts are whole numbers of minor units everywhere."""

CURRENCIES: frozenset[str] = frozenset(
    (
        "AED ARS AUD BGN BRL CAD CHF CLP CNY COP CZK DKK DZD EGP EUR GBP GEL HKD HUF IDR ILS INR ISK JPY KES KRW "
        "MAD MDL MXN MYR NGN NOK NZD PEN PHP PLN QAR RON RSD SAR SEK SGD THB TND TRY TWD UAH USD VND XAF XOF XPF ZAR"
    ).split()
)

# Nobody offers more; a larger number is a slip of the hand (and would leave the range of the database).
MOST_MINOR = 10**12
