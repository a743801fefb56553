"""How the site is made of its sources: `make site`."""

project = "The Keras functional API"
author = "the course's authors"
copyright = "the course's authors"
html_title = project
language = "en"

extensions = ["myst_nb", "sphinx_copybutton"]
nb_execution_mode = "off"  # chapters: outputs are the solutions' own; cards.md says that it runs
nb_mime_priority_overrides = [("html", "text/html", 0)]
myst_heading_anchors = 4
suppress_warnings = ["myst.header", "mystnb.unknown_mime_type"]
exclude_patterns = ["conf.py"]

html_theme = "sphinx_book_theme"
html_static_path = ["_static"]
html_css_files = ["course.css"]
html_theme_options = {
    "show_navbar_depth": 1,
    "show_toc_level": 2,
    "use_download_button": False,
    "use_fullscreen_button": False,
    "home_page_in_toc": True,
    "icon_links": [],
    "extra_footer": "",
}
# Not the title: it stands outside of what a screen reader knows as a region.
html_sidebars = {"**": ["search-button-field.html", "sbt-sidebar-nav.html"]}
