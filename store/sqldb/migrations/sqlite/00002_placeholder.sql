-- A placeholder until the branch with the real one is merged.

-- +goose Up
SELECT 1;
