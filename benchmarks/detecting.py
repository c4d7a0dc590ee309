JOBS={}
