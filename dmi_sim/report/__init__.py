"""From the finished cells of a run to its report: statistics, figures, replay, one HTML file."""
