"""Between excitation and joint torque: strength by age, activation, passive tissue."""
