-- What changes:
--   create table customers (id, name, email, phone_number, created_at)
--   create table bicycles (id, owner_id, frame_number, make)
-- schemagen: compatible

-- create table customers
CREATE TABLE "customers" (
  "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  "name" TEXT NOT NULL CHECK (length("name") <= 120),
  "email" TEXT NOT NULL CHECK (length("email") <= 320),
  "phone_number" TEXT CHECK (length("phone_number") <= 24),
  "created_at" TEXT NOT NULL DEFAULT (CURRENT_TIMESTAMP)
);

-- index customers_email_key of customers
CREATE UNIQUE INDEX "customers_email_key" ON "customers" ("email");

-- create table bicycles
CREATE TABLE "bicycles" (
  "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  "owner_id" INTEGER NOT NULL REFERENCES "customers" ("id") ON DELETE CASCADE,
  "frame_number" TEXT NOT NULL CHECK (length("frame_number") <= 40),
  "make" TEXT NOT NULL
);

-- index bicycles_frame_number_key of bicycles
CREATE UNIQUE INDEX "bicycles_frame_number_key" ON "bicycles" ("frame_number");

-- index bicycles_owner_id_idx of bicycles
CREATE INDEX "bicycles_owner_id_idx" ON "bicycles" ("owner_id");
