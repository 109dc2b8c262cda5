-- The account at a provider of single sign-on by which somebody signs in. Whoever has none has NULL in both.
ALTER TABLE person ADD COLUMN issuer TEXT;
ALTER TABLE person ADD COLUMN subject TEXT;
CREATE UNIQUE INDEX person_account ON person (issuer, subject);
