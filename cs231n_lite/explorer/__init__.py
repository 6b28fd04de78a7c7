"""The interactive demo: three classes in a plane, as a notebook widget and as a web page.

    arithmetic  a state in, scores, losses and gradient out, by losses.py or the student's function
    slopes      the numerical gradient, and where a claimed one differs from it
    descent     what a request asks for: updates in a row, and how things stand after them
    state       what a state is made of
    presets     data to begin with
    sample      new points of a preset's shape, by one generator in Python and JavaScript
    experiments guided experiments: what to do, a goal, what it shows
    still       a picture of a state, for viewers that run no JavaScript
    widget      Explorer(): the front end in a notebook
    bundle      the modules of front/ joined into one
    page        the same front end as one web page: python -m cs231n_lite.explorer
    front/      the front end itself: JavaScript, CSS, presets, experiments, and the page's template
"""


def __getattr__(name: str) -> type:
    """Bring `Explorer`, and anywidget with it, when it is asked for: the rest works without."""
    if name != "Explorer":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        from cs231n_lite.explorer.widget import Explorer
    except ModuleNotFoundError as error:
        if error.name != "anywidget":
            raise
        raise ImportError(
            "Explorer needs anywidget, which is not installed here: "
            "`pip install anywidget`, restart the kernel, and try again; or write the explorer as "
            "a web page, which needs nothing: `from cs231n_lite.explorer.page import write_page`, "
            '`write_page("explorer.html")`.'
        ) from None
    return Explorer
