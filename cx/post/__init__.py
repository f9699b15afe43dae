"""The post workshop: letters are written in the transaction that causes them and sent by processes of their own."""
