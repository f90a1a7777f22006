www A 192.0.2.80
lab NS www
