-- Takes back what the up script did:
--   rename column customers.phone to phone_number
--   drop column bicycles.colour
--   drop column bicycles.electric

-- rename column customers.phone to phone_number
ALTER TABLE "customers" RENAME COLUMN "phone" TO "phone_number";

-- drop column bicycles.colour
ALTER TABLE "bicycles" DROP COLUMN "colour";

-- drop column bicycles.electric
ALTER TABLE "bicycles" DROP COLUMN "electric";
