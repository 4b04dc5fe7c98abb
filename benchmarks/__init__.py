"""What Baken costs beside the least that the same work can cost; not part of the product."""
