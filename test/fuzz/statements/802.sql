UPDATE Notes SET Text = Texd;
INSERT INTO Notes (Text) VALUES (1, 2)
