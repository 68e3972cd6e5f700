"""Growth, anthropometry, segments, kinematics and URDF: the body, without a physics engine."""
