-- Beside Baken's own database, one for Prefect; read once, when the volume is new.
CREATE DATABASE prefect;
