"""What comes of a run.

    report          the table, CSV and JSON
    notes           what is said under the table
    scoring         points on results
    overview        the class at a glance
    misconceptions  the slips behind wrong answers, ranked
    loss_slips      a sentence for each slip in losses, gradients and probabilities
    other_slips     a sentence for each slip in all else
    similar         what answers have in common
    pages           a page for each student
    written         the answers to the notebooks' inline questions
    given           what students were given: texts, questions and code
    pictures        which of a notebook's pictures a page can show
    html            the frame of the pages, with page.css and sort.js
    plain           texts of students as text: in a page, on the screen, in a spreadsheet
"""
