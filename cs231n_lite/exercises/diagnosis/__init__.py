"""What is wrong with an answer, and how to say it.

    decompose    takes a loss and its gradient apart, by calls with different reg
    laws         by which factor one thing is another, whatever N, D and C are
    anatomy      what the pieces should be made of
    slips        small variations of the right computation that students write
    sums         slips in the sum over samples; all slips of a family, alone and in pairs
    mixups       slips that take one thing for another: a row or label for all, all for one
    wordings     the words for these
    rounding     results that are right but for their decimals
    penalties    what a wrong regularization is often made of
    findings     the pieces of an answer, compared with all of these
    showing      on which problems a fault can show at all
    explain      which of the findings of one answer show in which trial
    story        these, told to a student in the order to mend them
    crashes      what an exception means, and in which line
    scene        where it was raised: the frame, the expression, the values in it
    shapes       crashes over arrays that do not fit together
    indices      crashes over indices and keys
    spelling     crashes over names and attributes
    calls        crashes over calls
    values       crashes over what a value is
    faults       the words: every fault that a verdict can name, with its sentence
    source       the syntax trees of a function and its helpers, and variants that run
    tree         a syntax tree, its places, and a change of one
    edits        small changes of an expression
    applied      of a call: its function, its arguments, its axis
    brackets     of its brackets
    statements   small changes of whole statements
    missing      statements that may have been forgotten
    repeated     changes in two places at once: one slip, written more than once
    ranking      in which order changes are tried
    variants     changed functions that run
    cases        what a function should return, and whether it does
    aims         the cases of each exercise
    repair       the smallest change that makes a function right, or a further part of it
    saying       what is wrong there, in words, for a slip that has no name
    nudges       the words: what is said of the line that a change is in
    remarks      what the text of an answer tells: a return in a loop, arrays of the notebook
    locate       a verdict with that, and with the line
"""
